-- Before this: headers, a table.
wrk.method = "GET"
for name, value in pairs(headers) do wrk.headers[name] = value end
