// How much room a lane takes: in letters, and between rows in pixels. Less where the screen is low for its models.

/**
 * head, box, answer, bars, over (what is above the states where no answers are), letter (from an arrow to its own): letters.
 * gap, near (where nothing is measured on the arrows): pixels.
 */
export const ROOMY = { head: 1.95, box: 1.75, answer: 2.5, bars: 3.3, over: 0.9, letter: 0.85, gap: 13, near: 9 };
export const TIGHT = { head: 1.4, box: 1.32, answer: 2.1, bars: 2.3, over: 0.75, letter: 0.62, gap: 7, near: 5 };
