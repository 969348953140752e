// What a browser does by itself, for the snippets of docs/front-end.md: one origin, cookies, its Origin header.
const { JICENG_ADDRESS: ADDRESS, JICENG_LOGIN: LOGIN, JICENG_PASSWORD: PASSWORD, NEW_PASSWORD } = {
  ...process.env,
  NEW_PASSWORD: "quiet-harbour-93-lantern",
};
const cookies = new Map();
const plainly = globalThis.fetch;
globalThis.fetch = async (address, options = {}) => {
  const headers = new Headers(options.headers);
  headers.set("Origin", ADDRESS);
  if (cookies.size) headers.set("Cookie", [...cookies].map((pair) => pair.join("=")).join("; "));
  const response = await plainly(new URL(address, ADDRESS), { ...options, headers });
  for (const cookie of response.headers.getSetCookie()) {
    const [name, value] = cookie.split(";")[0].split(/=(.*)/s);
    cookies.set(name, value);
  }
  return response;
};
