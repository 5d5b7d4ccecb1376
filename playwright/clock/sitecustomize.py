"""Moves the clock of a Python process ahead: by how much says CAREHOURS_CLOCK_AHEAD_S.

Python loads a module of this name at its start when it stands on PYTHONPATH. So the portal's own
code knows nothing of it, and a journey can take place on a Tuesday in the middle of a half month,
whichever day it is today, and go on the next morning.
"""

import os
import time

if seconds := float(os.environ.get("CAREHOURS_CLOCK_AHEAD_S", "0")):
    import time_machine

    time_machine.travel(time.time() + seconds, tick=True).start()
    time.time()  # it ticks from its first reading on, so it is read now
