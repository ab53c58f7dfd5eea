-- Before this: host, api_key and run, all texts; items, how many leads a request brings; rate, how many requests each
-- thread makes in a second, 0 for as many as are answered.
local threads = 0

function setup(thread)
    threads = threads + 1
    thread:set("place", threads)
end

local count = 0
-- Nobody may be known from an earlier run: mail addresses and numbers carry the run.
local digits = 0
for place = 1, #run do
    digits = (digits * 31 + string.byte(run, place)) % 10000
end
local path = items > 1 and "/api/leads/ingest/batch" or "/api/leads/ingest"
local head = "POST " .. path .. " HTTP/1.1\r\nHost: " .. host .. "\r\nX-API-Key: " .. api_key ..
    "\r\nContent-Type: application/json\r\nContent-Length: "

local function lead()
    count = count + 1
    local id = string.format("%02d%08d", place, count)
    return '{"lead_reference_id":"' .. run .. '-' .. id .. '","first_name":"Ada","last_name":"Lovelace ' .. id ..
        '","email":"ada.' .. run .. '.' .. id .. '@analytical.example","phone":"+44' ..
        string.format("%04d", digits) .. string.sub(id, 2) ..
        '","company_name":"Analytical Engines Ltd","role_title":"Head of Sales",' ..
        '"notes":"We would like to see a demo next week, for about twelve people.","source":"website",' ..
        '"utm_source":"newsletter","utm_campaign":"spring","consent":{"marketing":true},' ..
        '"budget":"10k-20k","page":"/pricing"}'
end

function request()
    local body
    if items > 1 then
        local leads = {}
        for item = 1, items do leads[item] = lead() end
        body = '{"items":[' .. table.concat(leads, ",") .. ']}'
    else
        body = lead()
    end
    return head .. #body .. "\r\n\r\n" .. body
end

if rate > 0 then
    local ffi = require("ffi")
    ffi.cdef("typedef struct { long seconds; int micros; int rest; } moment; int gettimeofday(moment *at, void *zone);")
    local at = ffi.new("moment")
    local function now()
        ffi.C.gettimeofday(at, nil)
        return tonumber(at.seconds) * 1000 + at.micros / 1000
    end

    -- A request is due at its time, however long those before it took.
    local begun
    local asked = 0
    function delay()
        begun = begun or now()
        asked = asked + 1
        return math.max(0, begun + asked * 1000 / rate - now())
    end
end
