// Play: the moments of a run, or the time steps of the sequence, one after the other at a steady pace. What is not here
// yet is waited for.

export const SPEEDS = [0.5, 1, 2, 4];
const MOMENTS = 10; // a second, at speed 1

export class Player {
  /**
   * @param {{places: () => number, place: () => number, has: (place: number) => boolean, show: (place: number) => void}} run
   * @param {() => void} changed when it begins or ends
   */
  constructor(run, changed) {
    Object.assign(this, { run, changed, playing: false, loop: false, speed: 1 });
  }

  toggle() {
    this.playing = !this.playing;
    if (this.playing) {
      if (this.run.place() >= this.run.places() - 1) this.run.show(0);
      this.last = performance.now();
      requestAnimationFrame((now) => this.tick(now));
    }
    this.changed();
  }

  stop() {
    if (this.playing) this.toggle();
  }

  tick(now) {
    if (!this.playing) return;
    const wait = 1000 / (MOMENTS * this.speed);
    if (now - this.last >= wait && this.run.has(this.run.place())) {
      this.last = now - this.last > 2 * wait ? now : this.last + wait;
      this.step();
    }
    if (this.playing) requestAnimationFrame((then) => this.tick(then));
  }

  step() {
    const next = this.run.place() + 1;
    if (next < this.run.places()) this.run.show(next);
    else if (this.loop) this.run.show(0);
    else this.toggle();
  }
}
