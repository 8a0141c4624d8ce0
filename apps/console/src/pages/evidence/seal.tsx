/** Whether a field stands in the clear in the signed Statement, as a lock and a word. */
export function Seal({ open }: { open: boolean }) {
  return (
    <span className="cs-seal">
      <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true" focusable="false">
        <rect
          x="3"
          y="7"
          width="10"
          height="7"
          rx="1.2"
          fill={open ? 'none' : 'currentColor'}
          stroke="currentColor"
          strokeWidth="1.4"
        />
        <path
          d={open ? 'M5.5 7V4.6a2.5 2.5 0 0 1 4.9-.7' : 'M5.5 7V4.6a2.5 2.5 0 0 1 5 0V7'}
          fill="none"
          stroke="currentColor"
          strokeWidth="1.4"
        />
      </svg>
      {open ? 'Open' : 'Sealed'}
    </span>
  )
}
