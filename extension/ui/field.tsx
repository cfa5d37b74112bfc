// A form field: label above, hint below; tied to the message that says what is wrong with it.

interface Props {
  name: string;
  label: string;
  hint?: string;
  secret?: boolean;
  autocomplete: 'off' | 'url';
  placeholder: string;
  maxLength: number;
  defaultValue: string;
  /** Id of the message that says what is wrong; null when nothing is. */
  errorId: string | null;
}

export function Field({ name, label, hint, errorId, secret, ...rest }: Props) {
  const hintId = `${name}-hint`;
  const described = [hint ? hintId : null, errorId].filter(Boolean).join(' ');
  const shared = {
    ...rest,
    id: name,
    name,
    spellcheck: false,
    'aria-invalid': errorId !== null,
    ...(described ? { 'aria-describedby': described } : {}),
  };
  return (
    <div class="field">
      <label for={name}>{label}</label>
      {secret ? <input {...shared} type="password" /> : <input {...shared} type="text" />}
      {hint && (
        <p class="s t2" id={hintId}>
          {hint}
        </p>
      )}
    </div>
  );
}
