// The calls. What changes something says that it is JSON, which no other page can do unasked.

async function call(method, path, body) {
  const options = { method, headers: {}, cache: "no-store" };
  if (method !== "GET") {
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body === undefined ? {} : body);
  }
  const response = await fetch(path, options);
  const text = await response.text();
  if (!response.ok) throw new Error(reason(text) || `HTTP ${response.status}`);
  return JSON.parse(text);
}

function reason(text) {
  try { return JSON.parse(text).error; } catch { return ""; }
}

export const get = (path) => call("GET", path);
export const post = (path, body) => call("POST", path, body);
export const remove = (path, body) => call("DELETE", path, body);

/** Lets work be asked for as often as one likes: it is done once at a time, and rests five times as long as it took. */
export function eased(work) {
  let isBusy = false;
  let isWanted = false;
  const run = async () => {
    isBusy = true;
    isWanted = false;
    const since = performance.now();
    await work();
    setTimeout(() => {
      isBusy = false;
      if (isWanted) run();
    }, 5 * (performance.now() - since));
  };
  return () => {
    isWanted = true;
    if (!isBusy) run();
  };
}
