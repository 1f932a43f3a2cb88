// A run of another process that cannot be watched to its end. Their messages are for a person.

/** The run's process is not there: killed, or ended at this moment. */
export class RunGone extends Error {
  override readonly name = 'RunGone';
}

/** It has an end of its own that this process cannot know: it broke, or its process was killed. */
export class RunLost extends Error {
  override readonly name = 'RunLost';
}
