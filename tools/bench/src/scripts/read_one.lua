-- Before this: host, token and tenant, texts; first, step and leads, numbers.
local threads = 0

function setup(thread)
    threads = threads + 1
    thread:set("place", threads)
end

function init()
    math.randomseed(os.time() * 64 + place)
end

local tail = " HTTP/1.1\r\nHost: " .. host .. "\r\nAuthorization: Bearer " .. token ..
    "\r\nX-Tenant-Id: " .. tenant .. "\r\n\r\n"

function request()
    local at = first + step * math.random(0, leads - 1)
    -- In halves: a format takes 32 bits for sure.
    local time = string.format("%06x%06x", math.floor(at / 16777216), at % 16777216)
    return "GET /api/v2/leads/" .. string.sub(time, 1, 8) .. "-" .. string.sub(time, 9) ..
        "-7000-8000-000000000000" .. tail
end
