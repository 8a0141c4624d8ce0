import { Peers, Subject } from './subject.ts'

/** Everybody who was heard of, and who shares a role or a team with whom. */
export class Roster {
  readonly subjects = new Map<string, Subject>()
  readonly peers = new Map<string, Peers>()
  readonly teams = new Map<string, Peers>()

  /** Somebody, with the role and team an event names for them, where it names any; what was not heard of is made. */
  subject(
    name: string,
    role: string | undefined,
    team: string | undefined,
    at: number,
    day: number,
  ): Subject {
    const subject = this.subjects.get(name)
    if (!subject) return this.#add(name, role, team, at)
    // nearly always both are as before
    if ((role === undefined || role === subject.role) && (team === undefined || team === subject.team))
      return subject
    const from = subject.role
    const to = role === undefined || subject.isBehind('role', role, at) ? from : role
    const group = team === undefined || subject.isBehind('team', team, at) ? subject.team : team
    this.assign(subject, to, group)
    if (from !== to && from !== 'unknown') subject.moved = { at, day, from, to }
    return subject
  }

  assign(subject: Subject, role: string, team: string): void {
    if (role === subject.role && team === subject.team) return
    this.peers.get(subject.role)?.members.delete(subject.name)
    this.teams.get(subject.team)?.members.delete(subject.name)
    subject.role = role
    subject.team = team
    this.#join(subject)
  }

  #add(name: string, role = 'unknown', team = 'unknown', at: number): Subject {
    const subject = new Subject(name, role, team, at)
    this.subjects.set(name, subject)
    this.#join(subject)
    return subject
  }

  #join(subject: Subject): void {
    for (const [groups, name] of [
      [this.peers, subject.role],
      [this.teams, subject.team],
    ] as const) {
      const group = groups.get(name) ?? new Peers()
      groups.set(name, group)
      group.members.add(subject.name)
    }
  }
}
