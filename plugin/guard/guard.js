// The browser's part of the guard: asks the server what is wrong with the answer on the screen, while it is being
// given and once more before it is saved, and shows the reply. Knows no rule itself, and changes nothing that is kept.

const LOOK_FOR_EDITORS = 500; // milliseconds, as the next two
const PAUSE_IN_WRITING = 350;
const LONGEST_WAIT = 4000; // after five seconds, the editor would let people press Submit a second time

const NOT_SAVED = 'Not saved yet';
const UNHEARD = { guarded: true, problems: [{ message: LOGGED_OUT }], counts: [] };

/**
 * One editor of Label Studio, from its first task to its end. It shows one project, so one reply settles whether the
 * guard has to do with it.
 */
class Editor {
  constructor(instance, store) {
    this.store = store;
    this.root = instance.root;
    this.guarded = null; // not known yet
    this.answer = null; // the annotation that the following speaks of
    this.begin(null);
    instance.on('beforeSaveAnnotation', (_, annotation) => this.maySave(annotation));
    this.stopListening = store.$treenode.onSnapshot(() => this.changed());
    this.changed();
  }

  begin(answer) {
    this.answer = answer;
    this.asked = null; // what the server was asked last, as text
    this.judged = null; // and its reply
    this.touched = new Set(); // controls that the annotator used or left
    this.insisted = false; // whether Submit was pressed
    clearTimeout(this.timer);
    this.waiting?.abort();
  }

  get onScreen() {
    const root = typeof this.root === 'string' ? document.getElementById(this.root) : this.root;
    return this.store.$treenode.isAlive && Boolean(root?.isConnected);
  }

  get busy() {
    return this.store.isLoading || this.store.isSubmitting;
  }

  /** The annotation that is being worked on; null for predictions, comparisons and whatever is only shown. */
  get atWork() {
    const { store } = this;
    const selected = store.annotationStore?.selected;
    if (!store.task || !selected || store.annotationStore.viewingAll || !store.hasInterface('submit', 'update')) return null;
    return selected.type === 'annotation' && !selected.isReadOnly() ? selected : null;
  }

  /** Notice that another answer is on the screen; true if it is the one as before. */
  look() {
    const answer = this.atWork;
    if (answer === this.answer) return answer !== null;
    this.begin(answer);
    this.paint();
    if (!answer) return false;
    if (this.guarded) keptTexts.putBack(this.store.task.id, answer);
    this.check();
    return false;
  }

  /** Something in the editor is different: maybe the answer, maybe only its draft was saved. */
  changed() {
    this.unseen = true;
    this.catchUp();
  }

  /** While the editor loads or saves, what it holds is neither the one answer nor the other: wait until it is done. */
  catchUp() {
    if (this.guarded === false || !this.onScreen || this.busy) return;
    if (this.look() && this.unseen) {
      if (this.guarded) {
        forgetSubmit(this.answer);
        keptTexts.keep(this.store.task.id, this.answer);
      }
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.check(), PAUSE_IN_WRITING);
    }
    this.unseen = false;
  }

  async check() {
    const { answer } = this;
    this.unseen = this.busy;
    if (!this.onScreen || this.busy || !answer || answer !== this.atWork) return;
    const result = asSent(answer, answer.serializeAnnotation());
    const question = JSON.stringify(result);
    if (question === this.asked) return;
    this.waiting?.abort();
    this.waiting = new AbortController();
    try {
      const judged = await ask(this.store.task.id, result, this.waiting.signal);
      if (answer !== this.answer) return;
      this.asked = question;
      this.heard(judged, answer);
    } catch (error) {
      if (error instanceof LoggedOut && this.guarded) this.heard(UNHEARD, answer);
      // Without a reply nothing new is known; the next change asks again.
    }
  }

  heard(judged, answer) {
    if (judged.guarded && !this.guarded) keptTexts.putBack(this.store.task.id, answer);
    if (judged.guarded) askAllAtOnce(answer);
    else this.leave();
    this.guarded = judged.guarded;
    this.judged = judged;
    this.paint();
  }

  /** The editor's question before it saves an answer; false keeps the work on the screen. */
  async maySave(annotation) {
    if (this.guarded === false) return true;
    try {
      const result = annotation.serializeAnnotation();
      this.heard(await ask(this.store.task.id, result, AbortSignal.timeout(LONGEST_WAIT)), annotation);
    } catch (error) {
      if (!(error instanceof LoggedOut && this.guarded)) return true; // the server refuses on its own
      marks.refuse(NOT_SAVED, [LOGGED_OUT]);
      return false;
    }
    return !this.guarded || this.judged.problems.length === 0 || this.refuse();
  }

  refuse() {
    this.insisted = true;
    this.paint();
    marks.refuse(NOT_SAVED, sentences(this.judged));
    return false;
  }

  touch(control) {
    if (this.guarded && !this.busy && !this.touched.has(control)) {
      this.touched.add(control);
      this.paint();
    }
  }

  paint() {
    if (this !== current) return;
    if (this.guarded && this.judged) marks.show(this.judged, (control) => this.insisted || this.touched.has(control), this.insisted);
    else marks.clear();
  }

  leave() {
    this.stopListening();
    clearTimeout(this.timer);
  }
}

function sentences(judged) {
  return [...new Set(judged.problems.map((problem) => problem.message))];
}

/** What Submit would send: texts that are still being typed count as well, and lists in which nothing was moved. */
function asSent(answer, result) {
  const replaced = new Map();
  for (const tag of textControls(answer)) {
    const text = textsOf(tag);
    const shown = document.getElementById(`gtb-${tag.name}`)?.offsetParent;
    if (text.length && shown) replaced.set(tag.name, { from_name: tag.name, to_name: tag.toname, type: 'textarea', value: { text } });
  }
  const given = new Set(result.map((entry) => entry.from_name));
  const lists = [...answer.names.values()].filter((tag) => tag.type === 'ranker' && !given.has(tag.name));
  for (const tag of lists) {
    const value = { ranker: tag.dataSource.itemIds };
    replaced.set(tag.name, { from_name: tag.name, to_name: tag.toname, type: 'ranker', value });
  }
  return [...result.filter((entry) => !replaced.has(entry.from_name)), ...replaced.values()];
}

// The editors of the page: the application makes and discards them as people move about in it.

const known = new WeakSet();
let current = null;
let listening = false;

function lookForEditors() {
  for (const instance of window.LabelStudio?.instances ?? []) {
    if (!instance.store || known.has(instance.store) || !instance.store.$treenode.isAlive) continue;
    known.add(instance.store);
    if (!instance.store.hasInterface('submit', 'update')) continue; // a preview
    listen();
    current?.leave();
    current = new Editor(instance, instance.store);
  }
  if (current?.onScreen) {
    current.catchUp();
    marks.place();
  } else if (current) {
    marks.clear();
    if (!current.store.$treenode.isAlive) current = null;
  }
}

/** Hear what happens in the page, from the first editor on: other pages pay for nothing. */
function listen() {
  if (listening) return;
  listening = true;
  for (const event of ['input', 'focusout']) document.addEventListener(event, noticeTouch, true);
  holdBackKeys(() => current?.onScreen && current.guarded);
  overhear(heardOf);
}

function noticeTouch(event) {
  const control = event.target.closest?.('[id^="gtb-"]')?.id.slice('gtb-'.length);
  if (!control || !current?.onScreen) return;
  current.touch(control);
  current.changed(); // a text that was entered before and is being changed is in the page only
}

/** What became of an answer or a draft on its way to the server. */
async function heardOf(kind, response) {
  if (!current?.onScreen || current.guarded === false) return;
  if (kind === 'draft' && response.status === 401) {
    // Label Studio would go to the login page at once and leave the work behind, but not for a cancelled call.
    response.isCanceled = true;
    marks.refuse(NOT_SAVED, [LOGGED_OUT]);
  } else if (kind === 'answer' && response.ok) {
    keptTexts.forget(current.store.task.id, current.answer);
  } else if (kind === 'answer' && response.status === 503) {
    marks.refuse(NOT_SAVED, [BUSY]);
  } else if (kind === 'answer' && response.status >= 400 && response.status < 500) {
    const reasons = await reasonsOf(response.clone());
    if (reasons.length) marks.refuse(NOT_SAVED, reasons);
  }
}

document.addEventListener('click', (event) => {
  const link = event.target.closest?.('a[href]');
  if (link?.pathname === new URL('logout', SERVER).pathname) keptTexts.forgetUser();
}, true);
keptTexts.forgetOld();
setInterval(lookForEditors, LOOK_FOR_EDITORS);
