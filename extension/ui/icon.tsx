// Draws one icon of icons.ts or panel-icons.ts: 16 px grid, stroke 1.5, round caps, in the colour of the text around it.

interface Props {
  /** Path data on a grid of 16. */
  of: string;
  /** Drawn size in px: 16, 14 inside fields, 20 in empty states. */
  size?: 12 | 14 | 16 | 20;
}

export function Icon({ of, size = 16 }: Props) {
  return (
    <svg
      class="icon"
      viewBox="0 0 16 16"
      style={size === 16 ? undefined : { width: `${size}px`, height: `${size}px` }}
      aria-hidden="true"
    >
      <path d={of} />
    </svg>
  );
}
