// Play: the moments of a run one after the other, at a steady pace; one that is not here yet is waited for.

export const SPEEDS = [0.5, 1, 2, 4];
const MOMENTS = 10; // a second, at speed 1

export class Player {
  /** @param {{places: () => number, place: () => number, has: (place: number) => boolean, show: (place: number) => void, changed: () => void}} run */
  constructor(run) {
    Object.assign(this, { run, playing: false, loop: false, speed: 1 });
  }

  toggle() {
    this.playing = !this.playing;
    if (this.playing) {
      if (this.run.place() >= this.run.places() - 1) this.run.show(0);
      this.last = performance.now();
      requestAnimationFrame((now) => this.tick(now));
    }
    this.run.changed();
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
