"""What a page of one learner's server can try against whoever opens it: scripts that say whether they worked."""

from __future__ import annotations

import httpx
from playwright.sync_api import Page, expect

from mondaylab.hub.accounts import Accounts

PAGE = """
import tornado.web

class Mine(tornado.web.RequestHandler):
    def get(self):
        self.set_header("Content-Type", "text/html")
        self.finish("<!doctype html><title>My lab</title><h1>My lab</h1>")

found = tornado.web.Application.find_handler

def find_handler(self, request, **options):
    if request.path == "/user/{name}/mylab":
        return self.get_handler_delegate(request, Mine)
    return found(self, request, **options)

tornado.web.Application.find_handler = find_handler
"""
"""A learner's own ``~/.jupyter/jupyter_server_config.py``: their process serves a page to anybody, without a login."""

_READ = (
    "const read = async (url, how) => { const a = await fetch(url, {credentials: 'include', ...how}); return a.ok; };"
)
_FRAME = """const frame = url => new Promise(done => { const f = document.createElement('iframe'); f.src = url;
  f.onload = () => { let seen = false; try { seen = !!f.contentDocument && f.contentDocument.URL !== 'about:blank'; }
  catch (e) {} done(seen); }; document.body.append(f); setTimeout(() => done(false), 3000); });"""
_OPEN = """const opened = url => new Promise(done => { const w = open(url); setTimeout(() => {
  let seen = false; try { seen = !!(w && w.document && w.document.URL !== 'about:blank'); } catch (e) {}
  if (w) w.close(); done(seen); }, 2500); });"""
_JSON = "{method: 'POST', headers: {'Content-Type': 'application/json'}, body: '{}'}"
_MINT = """const page = await (await fetch(at.hub + '/hub/token', {credentials: 'include'})).text();
  const xsrf = page.match(/xsrf_token: ["']([^"']+)/)[1];
  return read(at.hub + `/hub/api/users/${at.name}/tokens`,
    {method: 'POST', body: '{}', headers: {'X-XSRFToken': xsrf, 'Content-Type': 'application/json'}});"""
_SOCKET = """new Promise(done => { const s = new WebSocket(at.server.replace('http', 'ws') + 'api/events/subscribe');
  s.onopen = () => done(true); s.onerror = () => done(false); })"""
_LOADED = """const loaded = (tag, url) => new Promise(done => { const e = document.createElement(tag); e.src = url;
  e.onload = () => done(true); e.onerror = () => done(false); document.body.append(e); });"""
_TOSS = "['', 'hub', 'hub/token', 'hub/api'].forEach(p => document.cookie = `%s; domain=${at.domain}; path=/${p}`);"

TRIES = {
    "read the token page": f"{_READ} return read(at.hub + '/hub/token');",
    "read the home page": f"{_READ} return read(at.hub + '/hub/home');",
    "ask the hub who this is": f"{_READ} return read(at.hub + '/hub/api/user');",
    "read the list of tokens": f"{_READ} return read(at.hub + `/hub/api/users/${{at.name}}/tokens`);",
    "mint a token": f"{_READ} return read(at.hub + `/hub/api/users/${{at.name}}/tokens`, {_JSON});",
    "mint a token as the token page does": f"{_READ} {_MINT}",
    "mint a token with a tossed xsrf": f"{_READ} {_TOSS % '_xsrf=${at.xsrf}'} "
    f"return read(at.hub + `/hub/api/users/${{at.name}}/tokens?_xsrf=${{at.xsrf}}`, {_JSON});",
    "stop the server": f"{_READ} return read(at.hub + `/hub/api/users/${{at.name}}/server`, {{method: 'DELETE'}});",
    "read the hub below this name": f"{_READ} return read('/hub/token');",
    "ask the hub below this name": f"{_READ} return read('/hub/api/user');",
    "read files of the visitor's server": f"{_READ} return read(at.server + 'api/contents');",
    "start a kernel in the visitor's server": f"{_READ} return read(at.server + 'api/kernels', {_JSON});",
    "open a socket to the visitor's server": f"return {_SOCKET};",
    "read the formgrader": f"{_READ} return read(at.grader + 'formgrader/');",
    "collect in the formgrader": f"{_READ} return read(at.grader + 'formgrader/api/assignments', {_JSON});",
    "read the judgement service": f"{_READ} return read(at.judgement + 'api/forms');",
    "frame the token page": f"{_FRAME} return frame(at.hub + '/hub/token');",
    "frame the visitor's server": f"{_FRAME} return frame(at.server + 'lab');",
    "frame the formgrader": f"{_FRAME} return frame(at.grader + 'formgrader/');",
    "look into a window of the token page": f"{_OPEN} return opened(at.hub + '/hub/token');",
    "look into a window of the visitor's server": f"{_OPEN} return opened(at.server + 'lab');",
    "load the hub's answer as a script": f"{_LOADED} return loaded('script', at.hub + '/hub/api/user');",
    "toss a login cookie with the hub's own name": _TOSS % "__Host-jupyterhub-hub-login=x; secure"
    + " return document.cookie.includes('__Host-');",
}
"""Name -> body of an async function of ``at``: hub, domain, name, server, grader, judgement, xsrf."""

POSTS = {
    "mint a token by a form": ("/hub/api/users/{name}/tokens", {}),
    "ask for a token by a form": ("/hub/token", {}),
    "sign in as somebody else by a form": ("/hub/login", {"username": "{attacker}", "password": "{password}"}),
}
"""Name -> path of the hub and fields of a form that the page sends, with an xsrf token and cookie of its owner's."""

SUBMIT = """([action, fields]) => { const f = document.createElement('form'); f.method = 'post'; f.action = action;
  for (const [k, v] of Object.entries(fields)) { const i = document.createElement('input'); i.name = k; i.value = v;
  f.append(i); } document.body.append(f); f.submit(); }"""


def worked(visitor: str, served, page: Page, *, cohort: str, attacker: str, learner: str) -> list[str]:
    """The names of the tries that worked against a visitor who is signed in and opens the attacker's page."""
    addresses = served.hub.settings.addresses
    at = {
        "hub": addresses.hub,
        "domain": addresses.domain,
        "name": visitor,
        "server": served.at(f"/user/{learner}/"),
        "grader": served.at(f"/services/{cohort}/"),
        "judgement": served.at("/services/judgement/"),
        "xsrf": anonymous_xsrf(served, page),
    }
    mine = served.at(f"/user/{attacker}/mylab")
    page.goto(mine)
    expect(page.locator("h1")).to_have_text("My lab")
    found = [name for name, body in TRIES.items() if page.evaluate(_guarded(body), at)]
    password = Accounts(served.site).initial_passwords()[attacker]
    for name, (path, fields) in POSTS.items():
        page.goto(mine)
        filled = {key: value.format(attacker=attacker, password=password) for key, value in fields.items()}
        with page.expect_navigation() as sent:
            page.evaluate(SUBMIT, [addresses.hub + path.format(name=visitor), {**filled, "_xsrf": at["xsrf"]}])
        found += [name] if sent.value.status < 400 else []
    return found


def _guarded(body: str) -> str:
    """A try as a function that is false where the browser or the hub says no."""
    return f"async at => {{ try {{ return await (async () => {{ {body} }})(); }} catch (e) {{ return false; }} }}"


def tokens_of(name: str, served, page: Page) -> int:
    """How many tokens the hub lists for whom it takes the browser for, without those of servers and services."""
    page.context.clear_cookies(name="_xsrf")  # with those that were tossed the hub refuses its own page's calls
    page.goto(f"{served.hub.url}hub/token")
    expect(page.locator("body")).to_contain_text(name)
    asked = "async url => (await (await fetch(url, {headers: {'X-XSRFToken': jhdata.xsrf_token}})).json()).api_tokens"
    listed = page.evaluate(asked, f"/hub/api/users/{name}/tokens")
    return len([one for one in listed if not one["oauth_client"].startswith(("Server at", "Service "))])


def anonymous_xsrf(served, page: Page) -> str:
    """A valid token of somebody at the same address with the same browser who has not signed in."""
    agent = page.evaluate("navigator.userAgent")
    told = {"Host": served.hub.settings.addresses.host, "User-Agent": agent}
    answer = httpx.get(f"{served.hub.settings.local}/hub/login", headers=told)
    return answer.headers["Set-Cookie"].partition("_xsrf=")[2].partition(";")[0]
