// Tells the page what is to stand in the box for a sequence of one's own on the Anatomy page, and turns to it.
import { element } from "../kit/dom.js";
import { change } from "../view/look.js";

const OWN = ".st-key-own"; // what that page makes of it, below its stage
const WAIT = 200, TRIES = 40; // ms, and how often it is brought into view

export class Typed {
  constructor() {
    this.box = element("div", { hidden: true });
  }

  /** The page is turned when the server has taken what was typed: that also chooses the part of the page, and the time step. */
  set({ taken }, hub, _setState, setTrigger) {
    this.hub = hub;
    hub.apart = (text, label) => {
      this.wanted = { label, taken };
      setTrigger("drawn", text);
    };
    if (this.wanted && this.wanted.taken !== taken) this.leave();
  }

  leave() {
    change({ model: this.wanted.label, unit: null, time: null });
    this.wanted = undefined;
    this.hub.turn("anatomy");
    seek(TRIES);
  }

  draw() {}

  close() {
    delete this.hub.apart;
    this.box.remove();
  }
}

/** Into view, again and again while what stands above it is still growing, until the visitor does something. */
function seek(tries) {
  const acts = ["wheel", "pointerdown", "keydown", "touchstart"];
  const end = () => (clearInterval(timer), acts.forEach((act) => removeEventListener(act, end, true)));
  const timer = setInterval(() => {
    document.querySelector(OWN)?.scrollIntoView({ block: "start" });
    if (!--tries) end();
  }, WAIT);
  for (const act of acts) addEventListener(act, end, true);
}
