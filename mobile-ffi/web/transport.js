// One HTTP request and its whole answer, at once, as only a worker may. To the origin the page came from, nowhere else.

// As long as a phone waits for one answer; the core cuts a sync at any point without loss.
const LONGEST_MS = 30_000;

export function request(method, path, headers, body) {
  const http = new XMLHttpRequest();
  http.open(method, path, false);
  http.responseType = 'arraybuffer';
  http.timeout = LONGEST_MS;
  for (const { name, value } of headers) http.setRequestHeader(name, value);
  http.send(body.length > 0 ? body : null);
  const lines = http.getAllResponseHeaders().trim().split(/\r\n/).filter(Boolean);
  return {
    status: http.status,
    headers: lines.map((line) => {
      const colon = line.indexOf(':');
      return { name: line.slice(0, colon), value: line.slice(colon + 1).trim() };
    }),
    body: new Uint8Array(http.response),
  };
}
