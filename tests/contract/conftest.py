"""Which proofs of the contract are run: those that take long in `make proof` and `make fuzz` alone."""

import os
import shutil

collect_ignore = (
    [] if os.environ.get("JICENG_PROOF") else ["test_clients.py", "test_front_end.py", "test_fuzz.py"]
)
if not (shutil.which("node") and shutil.which("npm")):
    collect_ignore += ["test_clients.py", "test_front_end.py"]
