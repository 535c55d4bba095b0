-- A thousand addresses in random order: PREFIX and SUFFIX stand around the number.
local prefix, suffix = os.getenv("PREFIX"), os.getenv("SUFFIX") or ""
local requests = {}

init = function(args)
   math.randomseed(42)
   for i = 0, 999 do
      requests[i] = wrk.format("GET", prefix .. i .. suffix)
   end
end

request = function()
   return requests[math.random(0, 999)]
end
