// The product's mark, "i" and "o" as a bar and a ring; the toolbar icons are drawn from the same shape.

export function Mark({ size }: { size: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="#3f4cdb" />
      <rect x="6.5" y="9" width="3.5" height="14" rx="1.75" fill="#fff" />
      <circle cx="19" cy="16" r="5.25" fill="none" stroke="#fff" stroke-width="3.5" />
    </svg>
  );
}
