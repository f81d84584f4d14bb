// What goes to the server and what comes back: our own question, and what becomes of the answers and drafts that the
// editor sends, of which it tells people little.

const SCRIPT = document.currentScript.src;
const CHECK = new URL('check', SCRIPT);
const SERVER = new URL('..', SCRIPT); // below some path, perhaps

const TOKEN = document.currentScript.dataset.csrf; // where the cookie is hidden from scripts

const LOGGED_OUT =
  'You are no longer logged in, so nothing can be saved. Your work is still here: log in again in another tab, ' +
  'then go on in this one.';

const BUSY =
  'The server is busy just now, so this could not be saved. Your work is still here: press the button again in a few ' +
  'seconds.';

// What Label Studio stores an answer through, below its address.
const WRITES_AN_ANSWER = /^(POST api\/tasks\/\d+\/annotations|(PATCH|PUT) api\/annotations\/\d+)\/?$/;
const WRITES_A_DRAFT = /^(POST api\/tasks\/\d+\/(annotations\/\d+\/)?drafts|(PATCH|PUT) api\/drafts\/\d+)\/?$/;

class LoggedOut extends Error {}

/** Resolves to the server's reply; rejects with LoggedOut, or with another error if there is no reply. */
async function ask(task, result, signal) {
  const response = await fetch(CHECK, {
    method: 'POST',
    credentials: 'same-origin',
    headers: { 'Content-Type': 'application/json', 'X-CSRFToken': cookie('csrftoken') || TOKEN },
    body: JSON.stringify({ task, result }),
    signal,
  });
  if (response.status === 401) throw new LoggedOut();
  if (!response.ok) throw new Error(`the check answered ${response.status}`);
  const judged = await response.json();
  // Somebody else logged in at this browser, in another tab: the answer would become theirs.
  if (judged.user !== window.APP_SETTINGS?.user?.id) throw new LoggedOut();
  return judged;
}

function cookie(name) {
  const found = document.cookie.split('; ').find((pair) => pair.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : '';
}

/** Call ``heard`` with each of the editor's calls that write an answer or a draft: ``{kind, response}``. */
function overhear(heard) {
  const { fetch } = window;
  window.fetch = async (...request) => {
    const response = await fetch.apply(window, request);
    const kind = kindOf(request);
    if (kind) heard(kind, response);
    return response;
  };
}

function kindOf([address, options]) {
  const method = (options?.method ?? address.method ?? 'GET').toUpperCase();
  const url = new URL(address.url ?? address, location.href);
  if (method === 'GET' || !url.href.startsWith(SERVER.href)) return null;
  const call = `${method} ${url.href.slice(SERVER.href.length).split('?')[0]}`;
  if (WRITES_AN_ANSWER.test(call)) return 'answer';
  return WRITES_A_DRAFT.test(call) ? 'draft' : null;
}

/** The sentences with which the server refused; none if it gave no reason that people could read. */
async function reasonsOf(response) {
  const body = await response.json().catch(() => ({}));
  const reasons = Object.values(body.validation_errors ?? {}).flat().filter((reason) => typeof reason === 'string');
  return reasons.length ? reasons : [body.detail].filter(Boolean);
}
