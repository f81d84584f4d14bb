// What the editor does on its own that is in the way of our two tasks, and how it is kept from it.

/**
 * Label Studio names what is missing one by one, in a box of its own for each. The server's reply has it all, so the
 * editor need not require anything.
 */
function askAllAtOnce(answer) {
  for (const control of answer.names.values()) {
    if (control.required) set(control, 'required', false);
  }
}

/**
 * From Submit on, the editor saves no more drafts of the answer, and after "Submit and exit" the next Submit would exit
 * as well: both even if the answer was not taken.
 */
function forgetSubmit(answer) {
  if (!answer.submissionStarted) return;
  set(answer, 'submissionStarted', 0);
  const address = new URL(location.href);
  if (!address.searchParams.has('exitStream')) return;
  address.searchParams.delete('exitStream');
  history.replaceState(history.state, '', address);
}

function set(node, name, value) {
  node.$treenode.applyPatches([{ op: 'replace', path: `/${name}`, value }]);
}

// With a section selected, these would double it, hide or lock it, or draw an arrow from it, none of which our screens
// show. To browsers, most of them mean something else.
const HELD_BACK = /^(ctrl\+[DH]|alt\+[HLMR])$/;

/** Keep those keys from the editor while ``isOurs()``, and leave them to the browser; so too Enter on a button. */
function holdBackKeys(isOurs) {
  window.addEventListener('keydown', (event) => {
    if ((HELD_BACK.test(combination(event)) || presses(event)) && isOurs()) event.stopImmediatePropagation();
  }, true);
}

/** The editor goes by the code as well, which follows the keyboard's layout even where Alt makes another character. */
function combination(event) {
  const modifier = event.ctrlKey || event.metaKey ? 'ctrl' : event.altKey && 'alt';
  return `${modifier}+${String.fromCharCode(event.keyCode)}`;
}

/** The editor has another use for Enter, and prevents the one that people know. */
function presses(event) {
  const alone = event.key === 'Enter' && !event.ctrlKey && !event.metaKey && !event.altKey;
  return alone && event.target.closest?.('button, summary, a[href]');
}
