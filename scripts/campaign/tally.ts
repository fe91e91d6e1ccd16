/** What was done in a campaign, by kind, and what went wrong. */
export class Tally {
  readonly kills: Record<string, number> = {}
  readonly killsAtFailpoints: Record<string, number> = {}
  readonly blows: Record<string, number> = {}
  readonly refusedStarts: Record<string, number> = {}
  readonly wokenEndedWith: Record<string, number> = {}
  readonly faults: string[] = []

  get killed(): number {
    return Object.values(this.kills).reduce((sum, count) => sum + count, 0)
  }

  count(where: 'kills' | 'killsAtFailpoints' | 'blows' | 'refusedStarts' | 'wokenEndedWith', what: string): void {
    this[where][what] = (this[where][what] ?? 0) + 1
  }

  figures(): object {
    const { kills, killsAtFailpoints, blows, refusedStarts, wokenEndedWith, faults } = this
    return { kills, killsAtFailpoints, blows, refusedStarts, wokenEndedWith, faults }
  }

  /** Something that must never happen has happened. */
  fault(what: string): void {
    this.faults.push(what)
  }
}
