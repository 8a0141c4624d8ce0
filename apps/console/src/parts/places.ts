import { covers, type Me } from '../data.ts'

/** `needs`: any one of these permissions. */
type Place = { path: string; label: string; needs: string | readonly string[]; role?: string }

const places: readonly Place[] = [
  { path: '/releases', label: 'Releases', needs: 'release:read' },
  { path: '/campaigns', label: 'Campaigns', needs: 'red-teaming:read' },
  { path: '/imports', label: 'Imports', needs: 'red-teaming:read' },
  { path: '/experts', label: 'Experts', needs: 'red-teaming:read' },
  { path: '/studies', label: 'Research', needs: 'red-teaming:read' },
  // An owner may do everything, and has no sessions of their own.
  { path: '/workbench', label: 'My sessions', needs: 'red-teaming:session', role: 'expert' },
  { path: '/ratings', label: 'Ratings', needs: ['red-teaming:rate', 'red-teaming:adjudicate'] },
  { path: '/weights', label: 'Weights', needs: 'weight-security:read' },
  { path: '/access', label: 'Access', needs: 'weight-security:read' },
  { path: '/alerts', label: 'Alerts', needs: 'weight-security:investigate' },
  { path: '/content', label: 'Content', needs: 'content-provenance:read' },
  { path: '/evidence', label: 'Evidence', needs: 'evidence:read' },
  { path: '/log', label: 'Log', needs: 'log:read' },
  { path: '/approvals', label: 'Approvals', needs: 'approval:read' },
  { path: '/people', label: 'People', needs: 'people:read' },
]

/** The places of the console that somebody may see, in the order of the navigation; the first is where they begin. */
export function placesFor({ person, permissions }: Me): Place[] {
  return places.filter(
    ({ needs, role }) =>
      [needs].flat().some((one) => covers(permissions, one)) &&
      (role === undefined || person.roles.includes(role)),
  )
}
