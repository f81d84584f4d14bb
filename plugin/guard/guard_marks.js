// How the reply is shown: lengths and outlines at the controls, a list of what is still to do, a box that refuses.
// Nothing is written into the editor's own elements, which React would trip over: our style sheets speak about them,
// and our own elements stand beside the application. Colours are Label Studio's, so they follow light and dark.

const STYLE = `
[id^="gtb-"]::after { display: block; padding-inline: 9px; font-size: 12px; line-height: 1.5; color: var(--color-neutral-content-subtler); }
.gtb :is(.gtb-row, .gtb-confirm) { --gtb-apart: -1px; margin-inline: -6px; padding-inline: 6px; } /* rows touch each other */

.gtb-todo {
  position: fixed; z-index: 20; inset: auto var(--gtb-right, 12px) var(--gtb-bottom, 12px) auto;
  font-size: 13px; line-height: 1.45; color: var(--color-neutral-content);
}
.gtb-todo summary {
  padding: 5px 12px; cursor: pointer; list-style: none; user-select: none; white-space: nowrap;
  border: 1px solid var(--color-neutral-border); border-radius: 16px; background: var(--color-neutral-background);
}
.gtb-todo summary::before { content: "\\25B8\\00A0\\00A0"; }
.gtb-todo[open] summary::before { content: "\\25BE\\00A0\\00A0"; }
.gtb-todo.gtb-insisted summary { border-color: var(--color-negative-border); color: var(--color-negative-content); }
.gtb-todo div {
  position: fixed; inset: auto var(--gtb-list-right, 0) var(--gtb-list-bottom, 56px) var(--gtb-list-left, 0);
  box-sizing: border-box; max-height: 26vh; padding: 6px 16px; overflow: auto;
  border-top: 1px solid var(--color-neutral-border); background: var(--color-neutral-surface);
}
.gtb-todo ul { margin: 0; padding: 0; list-style: none; columns: 380px; column-gap: 32px; }
.gtb-todo li { break-inside: avoid; padding: 3px 0; unicode-bidi: plaintext; }
.gtb-todo li button { padding: 3px 0; margin: -3px 0; border: 0; background: none; color: inherit; font: inherit; text-align: start; cursor: pointer; }
.gtb-todo li button:hover { text-decoration: underline; }
.gtb-todo :focus-visible, .gtb-refusal :focus-visible { outline: 2px solid var(--color-primary-border); outline-offset: 2px; }

.gtb-refusal {
  box-sizing: border-box; width: min(520px, 92vw); max-height: 80vh; margin: auto; padding: 20px 24px; overflow: auto;
  font-size: 15px; line-height: 1.5; color: var(--color-neutral-content); background: var(--color-neutral-background);
  border: 1px solid var(--color-neutral-border); border-radius: 8px; box-shadow: 0 8px 40px rgb(0 0 0 / 30%);
}
.gtb-refusal::backdrop { background: rgb(0 0 0 / 45%); }
.gtb-refusal h2 { margin: 0 0 10px; font-size: 18px; font-weight: 600; }
.gtb-refusal ul { margin: 0 0 16px; padding-inline-start: 20px; list-style: disc; }
.gtb-refusal li { padding: 2px 0; unicode-bidi: plaintext; overflow-wrap: anywhere; }
.gtb-refusal button {
  display: block; margin-inline-start: auto; padding: 6px 20px; cursor: pointer; font: inherit; font-weight: 500;
  border: 0; border-radius: 4px; background: var(--color-primary-surface); color: #fff;
}
`;

const marks = {
  /** Show a reply. ``isMarked`` says of a control whether what is wrong with it is to be seen in red. */
  show({ problems, counts }, isMarked, insisted) {
    const wrong = new Set(problems.map((problem) => problem.control).filter((control) => control && isMarked(control)));
    setStyle([...counts.map((count) => lengthRule(count, wrong)), ...[...wrong].map(outlineRule)]);
    showList(problems, insisted);
  },

  clear() {
    if (!made || (made.list.hidden && !made.rules)) return;
    setStyle([]);
    showList([], false);
  },

  /** Follow the editor's lower bar, which moves without a word. */
  place() {
    if (made && !made.list.hidden) place();
  },

  /** A box that must be closed, with these sentences. */
  refuse(title, sentences) {
    const { refusal } = make();
    refusal.querySelector('h2').textContent = title;
    refusal.querySelector('ul').replaceChildren(...sentences.map((sentence) => element('li', sentence)));
    if (!refusal.open) refusal.showModal();
  },
};

let made = null;

/** Our elements and style sheets: made when first needed, then kept. */
function make() {
  if (made) return made;
  const always = new CSSStyleSheet();
  always.replaceSync(STYLE);
  made = { now: new CSSStyleSheet(), rules: '', room: new CSSStyleSheet(), list: makeList(), refusal: makeRefusal() };
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, always, made.now, made.room];
  document.body.append(made.list, made.refusal);
  made.follower = new ResizeObserver(() => marks.place());
  return made;
}

function makeList() {
  const list = element('details', '', 'gtb-todo');
  list.setAttribute('aria-live', 'polite');
  const room = element('div');
  room.append(element('ul'));
  list.append(element('summary'), room);
  list.addEventListener('toggle', place);
  list.hidden = true;
  return list;
}

function makeRefusal() {
  const refusal = element('dialog', '', 'gtb-refusal');
  const title = element('h2');
  const close = element('button', 'OK');
  title.id = 'gtbridge-refusal-title';
  refusal.setAttribute('aria-labelledby', title.id);
  close.addEventListener('click', () => refusal.close());
  close.autofocus = true;
  refusal.append(title, element('ul'), close);
  // The editor listens to keys on the whole page; those pressed in here are not meant for it.
  refusal.addEventListener('keydown', (event) => event.stopPropagation());
  return refusal;
}

function element(name, text = '', className = '') {
  return Object.assign(document.createElement(name), { textContent: text, className });
}

function setStyle(rules) {
  const text = rules.join('\n');
  if (make().rules === text) return;
  made.rules = text;
  made.now.replaceSync(text);
}

function lengthRule(count, wrong) {
  const colour = wrong.has(count.control) ? 'color: var(--color-negative-content);' : '';
  return `${selector(count.control)}::after { content: "${lengthText(count)}"; ${colour} }`;
}

function lengthText({ count, minimum, maximum, unit }) {
  const limits = maximum === null ? `at least ${minimum}` : `${minimum} to ${maximum}`;
  return `${count} ${unit}${count === 1 ? '' : 's'}, ${minimum === maximum ? `${minimum} wanted` : limits}`;
}

function outlineRule(control) {
  return `${selector(control)} { outline: 1.5px solid var(--color-negative-border); outline-offset: var(--gtb-apart, 1px); border-radius: 4px; }`;
}

function selector(control) {
  return `#${CSS.escape(`gtb-${control}`)}`;
}

function showList(problems, insisted) {
  const { list } = make();
  const controls = new Map(problems.map((problem) => [problem.message, problem.control]));
  list.hidden = controls.size === 0;
  if (list.hidden) list.open = false;
  list.classList.toggle('gtb-insisted', insisted);
  const title = `${controls.size} ${controls.size === 1 ? 'thing is' : 'things are'} still to do`;
  const shown = [...list.querySelectorAll('li')].map((item) => item.textContent);
  if (shown.join('\n') !== [...controls.keys()].join('\n')) {
    list.querySelector('summary').textContent = title;
    list.querySelector('ul').replaceChildren(...[...controls].map(([message, control]) => listItem(message, control)));
  }
  place();
}

function listItem(message, control) {
  const item = element('li', control ? '' : message);
  if (!control) return item;
  const button = element('button', message);
  button.type = 'button';
  button.addEventListener('click', () => goTo(control));
  item.append(button);
  return item;
}

function goTo(control) {
  const found = document.getElementById(`gtb-${control}`);
  found?.scrollIntoView({ block: 'center' });
  found?.querySelector('textarea, input, button, [tabindex]')?.focus({ preventScroll: true });
}

/** The list's head stands in the editor's lower bar, where that is empty; what it opens makes the editor shorter. */
function place() {
  const { list, room } = made;
  const taken = list.hidden || !list.open ? 0 : list.querySelector('div').offsetHeight;
  if (made.taken !== taken) room.replaceSync(taken ? shorter(taken) : '');
  made.taken = taken;
  const bar = document.querySelector('.lsf-bottombar');
  const buttons = bar?.querySelector('.lsf-controls');
  if (!buttons) return;
  follow(bar, buttons);
  const outside = bar.getBoundingClientRect();
  const lengths = {
    '--gtb-right': innerWidth - buttons.getBoundingClientRect().left + 12,
    '--gtb-bottom': innerHeight - outside.bottom + (outside.height - list.querySelector('summary').offsetHeight) / 2,
    '--gtb-list-left': outside.left,
    '--gtb-list-right': innerWidth - outside.right,
    '--gtb-list-bottom': innerHeight - outside.top,
  };
  for (const [name, length] of Object.entries(lengths)) list.style.setProperty(name, `${length}px`);
}

/** ``--gtb-taken`` is for what our screens hold in sight by the height of the window. */
function shorter(taken) {
  return `:root { --gtb-taken: ${taken}px; } .lsf-main-content { height: calc(100% - ${taken}px) !important; }`;
}

function follow(bar, buttons) {
  if (made.followed === buttons) return; // to observe it again would call back again
  made.followed = buttons;
  made.follower.disconnect();
  for (const moving of [bar, buttons]) made.follower.observe(moving);
}
