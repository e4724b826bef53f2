// What the page and the browser offer: where the learner's server is, ids, and a memory that outlives the page.

/** The learner's server as this page sees it. */
function jupyterPage() {
  let config = {};
  try {
    config = JSON.parse(document.getElementById("jupyter-config-data")?.textContent || "{}");
  } catch {
    config = {};
  }
  const opened = location.pathname.match(/^(.*?\/)(?:lab|notebooks|tree|doc|edit|consoles|voila)(?:\/|$)/);
  return { baseUrl: config.baseUrl || opened?.[1] || "/", user: config.hubUser || "" };
}

function newId() {
  if (crypto.randomUUID) return crypto.randomUUID(); // only on https and localhost
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** localStorage under one prefix; where the browser forbids it, memory. */
class Shelf {
  constructor(prefix) {
    this.prefix = prefix;
    this.memory = new Map();
  }
  put(name, value) {
    const text = JSON.stringify(value);
    this.memory.set(name, text);
    try {
      localStorage.setItem(this.prefix + name, text);
    } catch {
      /* full or forbidden: the copy in memory stands, and the panel counts it as unsent */
    }
  }
  get(name) {
    let text = this.memory.get(name) ?? null;
    try {
      text = localStorage.getItem(this.prefix + name) ?? text;
      return text === null ? null : JSON.parse(text);
    } catch {
      return null;
    }
  }
  drop(name) {
    this.memory.delete(name);
    try {
      localStorage.removeItem(this.prefix + name);
    } catch {
      /* nothing was there */
    }
  }
  names() {
    const names = new Set(this.memory.keys());
    try {
      for (let at = 0; at < localStorage.length; at += 1) {
        const key = localStorage.key(at);
        if (key.startsWith(this.prefix)) names.add(key.slice(this.prefix.length));
      }
    } catch {
      /* memory only */
    }
    return [...names];
  }
}
