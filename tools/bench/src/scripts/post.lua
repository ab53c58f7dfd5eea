-- Before this: headers, a table; body, a text.
wrk.method = "POST"
wrk.body = body
for name, value in pairs(headers) do wrk.headers[name] = value end
