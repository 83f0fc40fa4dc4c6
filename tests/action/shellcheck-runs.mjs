// shellcheck over each `run:` of a composite action, which actionlint leaves out:
// `node shellcheck-runs.mjs SHELLCHECK action.yml…` prints what it finds, and fails where that is something.

import { spawnSync } from "node:child_process";
import fs from "node:fs";
import YAML from "yaml";

const [shellcheck, ...files] = process.argv.slice(2);

function looked(file, step, number) {
  // an expression is no shell: a word of the same length keeps the columns
  const input = step.run.replace(/\$\{\{[^]*?\}\}/g, (found) => "x".repeat(found.length));
  const done = spawnSync(shellcheck, ["--shell", step.shell, "--format", "gcc", "-"], { input, encoding: "utf8" });
  if (done.error) throw done.error;
  process.stdout.write(done.stdout.replaceAll(/^-:/gm, `${file}: step ${step.id ?? number}: `));
  return done.status === 0;
}

const clean = files.flatMap((file) =>
  YAML.parse(fs.readFileSync(file, "utf8"))
    .runs.steps.map((step, number) => !step.run || looked(file, step, number)),
);
process.exit(clean.every(Boolean) ? 0 : 1);
