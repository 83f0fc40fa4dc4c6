"""llama.cpp's own HTTP server, from the wheel xllamacpp; runs in that wheel's environment, never in ours.

Usage: engine.py PORT GGUF TEMPLATE MODEL KEY. Chat, responses and embeddings on one port.
"""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import xllamacpp  # type: ignore[import-not-found]


def main(port: str, gguf: str, template: str, model: str, key: str) -> None:
    params = xllamacpp.CommonParams()
    params.model.path = gguf
    params.model_alias = {model} if isinstance(params.model_alias, set) else [model]
    params.port = int(port)
    params.api_keys = [key]
    params.n_ctx = 8192
    params.n_parallel = 2
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
    params.use_jinja = True
    params.chat_template = Path(template).read_text(encoding="utf-8")
    params.embedding = True
    params.pooling_type = xllamacpp.llama_pooling_type.LLAMA_POOLING_TYPE_MEAN
    params.sampling.seed = 7
    # Whatever ran in a slot before must not change what this request counts and answers.
    params.cache_prompt = False
    params.cache_ram_mib = 0
    server = xllamacpp.Server(params)
    print("listening on", server.listening_address, flush=True)
    signal.sigwait([signal.SIGTERM, signal.SIGINT])


main(*sys.argv[1:])
