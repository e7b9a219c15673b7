// Where links lead: Telegram's own inside the page, all others outside.

const HOSTS = new Set(["t.me", "telegram.me", "telegram.dog", "www.t.me"]);
const NAME = /^[A-Za-z][A-Za-z0-9_]{3,31}$/;

/**
 * What a link means: {kind: "chat", username, start?} · {kind: "newbot", manager, username?, name?} ·
 * {kind: "app", username, start?} · {kind: "share", url, text} · {kind: "user", id} · {kind: "outside", url} · {kind: "none"} for one that leads nowhere.
 */
export function meaningOf(url) {
  let link;
  try {
    link = new URL(url);
  } catch {
    return { kind: "none" };
  }
  if (link.protocol === "tg:") return telegramScheme(link);
  if (!/^https?:$/.test(link.protocol))
    return { kind: /^(mailto|tel):$/.test(link.protocol) ? "outside" : "none", url };
  if (HOSTS.has(link.hostname.toLowerCase())) return telegramPath(link) ?? { kind: "outside", url };
  return { kind: "outside", url };
}

function telegramPath(link) {
  const [first, second, third] = link.pathname.split("/").filter(Boolean).map(decodeURIComponent);
  if (first === "newbot" && second)
    return { kind: "newbot", manager: second, username: third, name: link.searchParams.get("name") ?? undefined };
  if (first === "share")
    return { kind: "share", url: link.searchParams.get("url") ?? "", text: link.searchParams.get("text") ?? "" };
  return first && NAME.test(first) ? chatOrApp(first, link.searchParams) : null;
}

function telegramScheme(link) {
  const what = link.hostname || link.pathname.replace(/^\/+/, "");
  const query = link.searchParams;
  if (what === "newbot" && query.get("manager")) {
    return {
      kind: "newbot",
      manager: query.get("manager"),
      username: query.get("username") ?? undefined,
      name: query.get("name") ?? undefined,
    };
  }
  if (what === "resolve" && NAME.test(query.get("domain") ?? "")) return chatOrApp(query.get("domain"), query);
  if (what === "user" && query.get("id")) return { kind: "user", id: Number(query.get("id")) };
  return { kind: "none" };
}

function chatOrApp(username, query) {
  if (query.has("startapp")) return { kind: "app", username, start: query.get("startapp") || undefined };
  const start = query.get("start") ?? undefined;
  return { kind: "chat", username, start: start && /^[A-Za-z0-9_-]{1,64}$/.test(start) ? start : undefined };
}
