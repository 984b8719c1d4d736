// What the app sends to this tab is on its way for as long as a test wants. To be run before anything else in the page.
(() => {
  const late = (globalThis.late = { held: null, sent: 0 });
  const heard = (listener) => (event) => (late.held ? late.held.push(() => listener(event)) : listener(event));

  globalThis.WebSocket = class extends WebSocket {
    get late() {
      return this.url.includes("/_stcore/stream");
    }

    set onmessage(listener) {
      super.onmessage = this.late ? heard(listener) : listener;
    }

    addEventListener(type, listener, ...more) {
      super.addEventListener(type, this.late && type === "message" ? heard(listener) : listener, ...more);
    }

    send(data) {
      late.sent += this.late;
      super.send(data);
    }
  };

  late.hold = () => (late.held = []);

  late.release = () => {
    const { held } = late;
    late.held = null;
    for (const arrive of held) arrive();
  };

  // Of two timers with the same delay the one that was begun first is over first.
  const pause = (ms) => new Promise((over) => setTimeout(over, ms));

  /** The longest delay with which something is put off while keys are pressed. */
  function press(keys) {
    const later = globalThis.setTimeout;
    let longest = 0;
    globalThis.setTimeout = (act, ms = 0, ...more) => {
      longest = Math.max(longest, ms);
      return later(act, ms, ...more);
    };
    for (const key of keys) document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    globalThis.setTimeout = later;
    return longest;
  }

  /** Turn the page, and press keys right before and after. How much was sent until all is over that they put off. */
  late.leave = async (page, before, after) => {
    clearTimeout(rnnviz.hub.bar.resting); // what is still to be told of earlier keys
    await pause(0); // what was just told is sent
    const { sent } = late;
    late.hold();
    const first = press(before);
    rnnviz.hub.turn(page);
    await pause(Math.max(first, press(after)));
    await pause(0); // what was told then is sent
    return late.sent - sent;
  };
})();
