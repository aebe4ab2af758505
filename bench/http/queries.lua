-- SPDX-License-Identifier: GPL-2.0-or-later
-- For wrk: requests the paths in the file $PATHS one after the other; each thread starts at another path.
local paths, threads = {}, 0
for line in io.lines(os.getenv("PATHS")) do
  paths[#paths + 1] = line
end

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

function init()
  at = number * math.floor(#paths / 2)
end

function request()
  at = at % #paths + 1
  return wrk.format("GET", paths[at])
end
