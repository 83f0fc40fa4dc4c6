"""Keys that their own first characters tell, wherever they stand.

The prefixes are those that vendors document and that gitleaks, detect-secrets and the code hosts' scanners look for.
No library does the search. Of those that are kept, detect-secrets 1.5 knows 27 kinds, answers with values instead of
places in a text, and takes 12,081 ids, vectors and hashes of this project's own 500 kB of clean goldens for secrets;
presidio needs spaCy, numpy and pydantic; gitleaks and trufflehog are programs in Go. None is pure, small and silent.

`asst_`, `call_`, `resp_`, `sess_` and the like are ids of the API: clients send them back, so they are never touched.
"""

from __future__ import annotations

from collections.abc import Callable

from gate.redact.checks import Kind, has_digit_or_mask, keyish, kind, mixed, random

START = r"(?<![A-Za-z0-9_])"  # not inside a longer word


def _one_of(prefixes: str) -> str:
    return f"{START}(?:{'|'.join(prefixes.split())})".replace(".", r"\.").replace("$", r"\$")


def _prefixed(name: str, prefixes: str, rest: str, accept: Callable[[str], bool] = has_digit_or_mask) -> Kind:
    return kind(name, _one_of(prefixes) + rest, prefixes, accept)


_PROVIDERS = (
    "gsk_ gsk- sk_ xai- hf_ r8_ pplx- fw_ fpk_ nvapi- tvly- lsv2_ jina_ pcsk_ vck_ sgp_ esecret_ tgp_ rpa_ flp_"
    " llx- ek_ api_org_ wandb_v1_ sb_secret_ sbp_ napi_ bedrock-api-key-"
)
_FORGES = (
    "glpat- glrt- glptt- gldt- glcbt- glft- glffct- glimt- glagent- gloas- glsoat- GR1348941 npm_ pypi- rubygems_"
    " dckr_pat_ dckr_oat_ CCIPAT_ bkua_ sqp_ squ_ sqa_ cmVmdGtuOj AKCp ATATT3 ATCTT3 ATBB"
)
_CLOUDS = (
    "dop_v1_ doo_v1_ dor_v1_ cfut_ cfat_ cfk_ LTAI AKID AQVN HRKU- nfp_ tskey- pscale_tkn_ pscale_oauth_"
    " pscale_pw_ fo1_ fm1a_ fm1r_ fm2_ sha256~ tk-us- hvs. hvb. hvr. dp.pt. dp.st. dp.sa. dp.ct. ops_eyJ"
)
_SERVICES = (
    "shpat_ shpca_ shppa_ shpss_ sq0atp- sq0csp- rzp_live_ rzp_test_ xkeysib- xsmtpsib- sntrys_ sntryu_"
    " NRAK- NRII- NRJS- glc_ glsa_ eyJrIjoi dt0c01. phc_ phx_ sk.eyJ pk.eyJ figd_ figo_ PMAK- lin_api_ ntn_ pnu_ rdme_"
    " fio-u- CFPAT- tfp_ EZAK EZTK duffel_live_ duffel_test_ shippo_live_ shippo_test_ FLWSECK- FLWSECK_TEST-"
    " sm_aat_ sm_pat_ sm_sat_ s-s4t2ud- s-s4t2af- pat-na1- pat-eu1- access_token$production$ CLOJARS_"
)

# These begin words and other codes too.
_SHORT = "sess- pa- fc- e2b_ rnd_ pul- p8e- ico- sl.u. sl. EAAA EAAC EAAM"

KEYS = (
    kind(
        "provider API key",
        # Providers echo keys with the middle as asterisks or dots.
        START + r"(?:sk|pk|rk|csk|rpa)-[A-Za-z0-9_*.…-]{6,}[A-Za-z0-9_*-]",
        "k- rpa-",
        keyish,
    ),
    _prefixed("provider API key", _PROVIDERS, r"[A-Za-z0-9_-]{20,}"),
    _prefixed("provider API key", _SHORT, r"[A-Za-z0-9_-]{20,}", random),
    kind("provider API key", START + r"(?:key-|dapi)[0-9a-f]{32}(?![0-9a-f])", "key- dapi"),
    kind("provider API key", START + r"[0-9a-f]{32}\.[A-Za-z0-9]{16}(?!\w|\.\w)", ".", mixed),
    kind("Bedrock key", START + r"ABSK[A-Za-z0-9+/]{30,}={0,2}", "ABSK"),
    kind(
        "Google key",
        START + r"(?:AIza[\w-]{30,}|AQ\.[\w-]{30,}|ya29\.[\w-]{20,}|1//0[\w-]{30,}|GOCSPX-[\w-]{20,})",
        "AIza AQ. ya29. 1//0 GOCSPX-",
    ),
    kind(
        "GitHub token",
        START + r"(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,})",
        "ghp_ gho_ ghu_ ghs_ ghr_ github_pat_",
    ),
    _prefixed("token of a forge or registry", _FORGES, r"[\w.-]{16,}"),
    _prefixed("token of a cloud", _CLOUDS, r"[\w=+/.-]{16,}"),
    _prefixed("token of a service", _SERVICES, r"[\w=+/$.-]{16,}"),
    kind("token of a cloud", START + r"v1\.0-[0-9a-f]{24}-[0-9a-f]{100,}", "v1.0-"),
    kind(
        "AWS key id",
        START + r"(?:AKIA|ASIA|ABIA|ACCA|AROA|AIDA)[A-Z0-9]{16}(?![A-Za-z0-9])",
        "AKIA ASIA ABIA ACCA AROA AIDA",
    ),
    kind("Azure key", r"[A-Za-z0-9]{40,60}JQQJ99[A-Za-z0-9]{16,}", "JQQJ99"),
    kind("Azure client secret", r"(?<![\w~.-])[\w~.]{3}\dQ~[\w~.-]{31,34}", "Q~"),
    # JWS has three parts, JWE five: https://www.rfc-editor.org/rfc/rfc7516#section-7.1 (the second may be empty)
    kind("JWT", START + r"eyJ[\w-]{6,}(?:\.[\w-]*\.[\w-]{6,}\.[\w-]+\.[\w-]{6,}|\.[\w-]{6,}(?:\.[\w-]*)?)", "eyJ"),
    kind("Slack token", START + r"(?:xox[a-z]|xapp)-[\w.-]{10,}", "xox xapp-"),
    kind("web hook", r"hooks\.slack\.com/(?:services|workflows|triggers)/(?P<value>[\w/]{10,})", "hooks.slack"),
    kind("web hook", r"discord(?:app)?\.com/api/webhooks/(?P<value>\d+/[\w-]{20,})", "/api/webhooks/"),
    kind("web hook", r"webhook\.office\.com/webhookb2/(?P<value>[\w@/-]{20,})", "webhook.office"),
    kind(
        "Discord token", r"[MNO](?<![\w.-][MNO])[\w-]{23,27}\.[\w-]{6}\.[\w-]{27,40}(?![\w-])", ".", has_digit_or_mask
    ),
    kind("Telegram token", r"(?<!\d)\d{8,10}:AA[\w-]{30,}", ":AA"),
    kind(
        "Stripe key",
        START + r"(?:(?:sk|pk|rk)_(?:live|test|prod)_\w{10,}|whsec_[\w+/=]{16,})",
        "k_live_ k_test_ k_prod_ whsec_",
    ),
    kind("SendGrid key", START + r"SG\.[\w-]{16,}\.[\w-]{16,}", "SG."),
    kind("Twilio id or key", START + r"(?:AC|SK)[0-9a-f]{32}(?![0-9a-f])", "AC SK"),
    kind("Mailchimp key", START + r"[0-9a-f]{32}-us\d{1,2}(?!\d)", "-us"),
    kind("MaxMind key", START + r"[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk", "_mmk"),
    kind("NuGet key", START + r"oy2[a-z0-9]{43}(?![a-z0-9])", "oy2"),
    kind("Octopus key", START + r"API-[A-Z0-9]{26}(?![A-Z0-9])", "API-", mixed),
    kind("Airtable token", START + r"pat[A-Za-z0-9]{14}\.[0-9a-f]{64}", "pat"),
    kind("Terraform token", START + r"[A-Za-z0-9]{14}\.atlasv1\.[\w=-]{60,70}", ".atlasv1."),
    kind("Vault token", START + r"s\.(?=[A-Za-z]*\d)(?=[a-z0-9]*[A-Z])[A-Za-z0-9]{24}(?![\w.])", "s."),
    kind("Firebase key", START + r"AAAA[\w-]{7}:APA91b[\w-]{60,}", ":APA91b"),
    kind("1Password key", START + r"A3-[A-Z0-9]{6}(?:-[A-Z0-9]{5,11}){4,6}", "A3-"),
    kind("age key", START + r"AGE-(?:SECRET-KEY|PLUGIN-[A-Z0-9]{1,30})-1?[0-9A-Z]{40,}", "AGE-"),
    kind("age key", START + r"age-secret-key-1[0-9a-z]{40,}", "age-secret-key-1"),
)
"""Rows of the table with a prefix; all of them are looked for in whole files too."""

ACCOUNT = kind("organisation or project id", START + r"(?:org-|proj_)[A-Za-z0-9]{12,}", "org- proj_", mixed)
