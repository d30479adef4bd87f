"""`python -m codex_tui`."""

import sys

if not sys.flags.safe_path:
    # The current folder, which `-m` puts first: a project must not bring its own `tomllib`.
    del sys.path[0]

from codex_tui.cli import main

sys.exit(main())
