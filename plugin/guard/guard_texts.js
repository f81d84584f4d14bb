// Text that was typed but not entered: Label Studio loses it when the page is left or reloaded, so it is kept in the
// browser, for its writer only, until it is entered, submitted, emptied or old.

const KEPT = 'gtbridge text';
const OLD = 14 * 24 * 3600 * 1000; // milliseconds

/** The controls of an annotation that take text. */
function textControls(answer) {
  return [...answer.names.values()].filter((tag) => tag.type === 'textarea');
}

/** All texts of a control, as they stand on the screen. */
function textsOf(tag) {
  return [...changedTexts(tag), ...(typed(tag) ? [typed(tag)] : [])];
}

/** A new text in its box. */
function typed(tag) {
  return tag.showSubmit ? tag._value : '';
}

function enteredTexts(tag) {
  return tag.regions.map((region) => region._value);
}

/** The texts that were entered, with what is being changed in them right now, which only the page knows. */
function changedTexts(tag) {
  return tag.regions.map((region) => {
    const box = document.getElementsByName(`${tag.name}:${region.id}`)[0];
    return box?.value ?? region._value; // while nothing is being changed, it is no box
  });
}

const keptTexts = {
  /** Keep what is being typed, and drop what is safe. */
  keep(task, answer) {
    for (const tag of textControls(answer)) {
      const key = keyOf(task, answer, tag);
      const entered = enteredTexts(tag).join('\n');
      const changed = changedTexts(tag).join('\n');
      const text = tag.showSubmit ? tag._value : changed !== entered && changed;
      if (text) write(key, { text, over: entered });
      else if (kept.has(key) && (!entered || inDraft(answer, tag))) forgetKey(key);
    }
  },

  /** Put kept texts back, each where it was typed, unless something else has been entered there since. */
  putBack(task, answer) {
    for (const tag of textControls(answer)) {
      const key = keyOf(task, answer, tag);
      const entry = read(key);
      if (!entry) continue;
      kept.set(key, entry);
      if (entry.over !== enteredTexts(tag).join('\n')) forgetKey(key);
      else if (tag.showSubmit) tag.setValue(typed(tag) || entry.text);
      else if (tag.regions.length === 1) tag.regions[0].setValue(entry.text);
    }
  },

  forget(task, answer) {
    if (answer) textControls(answer).forEach((tag) => forgetKey(keyOf(task, answer, tag)));
  },

  /** The user logs out: nothing of theirs stays behind, and the page, which is about to go, keeps nothing more. */
  forgetUser() {
    keysOf(`${prefix()}|`).forEach(forgetKey);
    closed = true;
  },

  forgetOld() {
    const oldest = Date.now() - OLD;
    keysOf(`${KEPT}|`).filter((key) => !(read(key)?.at > oldest)).forEach(forgetKey);
  },
};

function prefix() {
  return [KEPT, SERVER.pathname, user()].join('|');
}

function user() {
  return window.APP_SETTINGS?.user?.id;
}

function keyOf(task, answer, tag) {
  return [prefix(), task, answer.pk ?? 'new', tag.name].join('|');
}

/** Whether the draft that the server has contains what was entered. */
function inDraft(answer, tag) {
  const stored = answer.isDraftSaving ? null : answer.versions.draft ?? answer.versions.result;
  const text = stored?.find((entry) => entry.from_name === tag.name)?.value?.text;
  return text?.join('\n') === enteredTexts(tag).join('\n');
}

// A browser may refuse to store anything at all; work goes on without then.

const kept = new Map(); // what this page wrote or found, by key
let closed = false;

function write(key, entry) {
  const already = kept.get(key);
  if (closed || !user() || (already?.text === entry.text && already.over === entry.over)) return;
  kept.set(key, entry);
  quietly(() => localStorage.setItem(key, JSON.stringify({ at: Date.now(), ...entry })));
}

function read(key) {
  return quietly(() => JSON.parse(localStorage.getItem(key)));
}

function forgetKey(key) {
  kept.delete(key);
  quietly(() => localStorage.removeItem(key));
}

function keysOf(beginning) {
  return quietly(() => Object.keys(localStorage).filter((key) => key.startsWith(beginning))) ?? [];
}

function quietly(action) {
  try {
    return action();
  } catch {
    return null;
  }
}
