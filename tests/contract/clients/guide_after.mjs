// What became of the snippets of docs/front-end.md, as JSON.
await call("POST", "/organizations", { body: { ...draft, name: "广州市南沙区青年读书会" }, key: crypto.randomUUID() });
while (!events.length) await new Promise((resume) => setTimeout(resume, 50));
closing.abort();
await listening;
const ended = await call("GET", path);
console.log(JSON.stringify({
  menu, home, names, shown, same: made.id === again.id, wrong: Object.keys(wrong), staff: edited.staff_count,
  stale, status: ended.registration_status, outcome: outcome.state, events, label: label("association"),
  unknown: label("never_was"),
}));
process.exit(0);
