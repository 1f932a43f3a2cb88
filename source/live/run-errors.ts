// A run of another process that cannot be watched to its end. Their messages are for a person.

/** The run's process is not there: killed, or ended at this moment. */
export class RunGone extends Error {
  override readonly name = 'RunGone';
}

/** It has an end of its own that this process does not see. */
export class RunLost extends Error {
  override readonly name = 'RunLost';
  /**
   * 'refused': it goes on, and does not let itself be watched; 'silent': nor does it say so; 'killed': its process is
   * gone before its end.
   */
  readonly how: 'refused' | 'silent' | 'broke' | 'killed';

  constructor(message: string, how: RunLost['how']) {
    super(message);
    this.how = how;
  }
}
