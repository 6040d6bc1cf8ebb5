"""A LuaJIT beside the interpreter, that counts as often as it is asked."""

import subprocess

COUNTING = """
local function gauss(n)
  local count = 0
  for i = 0, n do count = count + 1 end
  return count
end
for line in io.lines() do
  print(string.format("%.0f", gauss(tonumber(line))))
  io.flush()
end
"""


class LuaJIT(object):
    """One process; it ends with ours, when there is nothing left to read."""

    def __init__(self, *options):
        command = ["luajit"] + list(options) + ["-e", COUNTING]
        pipe = subprocess.PIPE
        try:
            self.process = subprocess.Popen(command, stdin=pipe, stdout=pipe)
        except EnvironmentError:
            raise NotImplementedError("luajit is not installed")

    def count(self, n):
        """What its loop, for i = 0, n, has counted."""
        self.process.stdin.write(b"%d\n" % n)
        self.process.stdin.flush()
        return int(self.process.stdout.readline())
