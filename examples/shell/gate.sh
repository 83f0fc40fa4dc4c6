#!/bin/sh
# Any CI, or a terminal: the exit code is the verdict. It needs the variables that gate.yaml names, such as CANDIDATE_API_KEY.
set -eu

pip install --quiet "swapgate~=0.1"
gate verify

code=0
gate check --report json:gate.json --report junit:gate.xml --report html:gate.html || code=$?
case $code in
  0) echo "the candidate keeps the contract" ;;
  1) echo "the contract drifts: see gate.html" ;;
  3) echo "the route could not be judged: try again" ;;
  *) echo "the gate is set up wrongly" ;;
esac
exit "$code"
