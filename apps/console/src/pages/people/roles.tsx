import { useQuery } from '@tanstack/react-query'
import { questions } from '../../data.ts'
import { Asked } from '../../parts/asked.tsx'

/** Which roles a person is to have, each with what it grants. */
export function RoleChoices({ chosen = [] }: { chosen?: string[] }) {
  const roles = useQuery({ ...questions.roles, staleTime: Number.POSITIVE_INFINITY })
  return (
    <fieldset className="cs-choices">
      <legend>Roles</legend>
      <Asked of={roles}>
        {(all) =>
          Object.entries(all).map(([role, grants]) => (
            <label key={role}>
              <input type="checkbox" name="roles" value={role} defaultChecked={chosen.includes(role)} />
              <span>
                {role} <span className="cs-small">{grants.join(', ')}</span>
              </span>
            </label>
          ))
        }
      </Asked>
    </fieldset>
  )
}
