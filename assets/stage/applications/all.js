// Pictures of a task's own field by their kinds: each is a class derived from Own.
export const APPLICATIONS = {};
