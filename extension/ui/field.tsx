// Form fields: label above, hint or error below, tied to it by id; a search field for toolbars; an amount field.
import type { ComponentChildren, RefObject } from 'preact';
import css from './field.module.css';
import { Icon } from './icon.tsx';
import { alert } from './step-icons.ts';
import { search as magnifier } from './panel-icons.ts';

interface FrameProps {
  name: string;
  label: string;
  hint?: ComponentChildren;
  /** What is wrong with it, said under it; null when nothing is. */
  error?: ComponentChildren | null;
  /** Id of a message elsewhere that says what is wrong. */
  errorId?: string | null;
}

/** Label, and a hint or in its place an error, around a control that has `id={name}` and `described(props)`. */
export function FieldFrame({
  name,
  label,
  hint,
  error,
  children,
}: FrameProps & { children: ComponentChildren }) {
  return (
    <div class={css.field}>
      <label class={css.label} for={name}>
        {label}
      </label>
      {children}
      {error != null ? (
        <p class={css.error} id={`${name}-error`} role="alert">
          <Icon of={alert} size={14} />
          <span>{error}</span>
        </p>
      ) : (
        hint !== undefined && (
          <p class={css.hint} id={`${name}-hint`}>
            {hint}
          </p>
        )
      )}
    </div>
  );
}

/** What a control says of its frame. */
export function described(props: FrameProps) {
  const { name, hint, error, errorId } = props;
  const ids = [
    error == null ? null : `${name}-error`,
    errorId ?? null,
    hint === undefined || error != null ? null : `${name}-hint`,
  ];
  return {
    id: name,
    'aria-invalid': isInvalid(props) ? true : undefined,
    'aria-describedby': ids.filter((id) => id !== null).join(' ') || undefined,
  };
}

function isInvalid({ error, errorId }: FrameProps): boolean {
  return error != null || (errorId ?? null) !== null;
}

interface TextProps extends FrameProps {
  type?: 'text' | 'password';
  autocomplete?: 'off' | 'url' | 'name';
  inputMode?: 'text' | 'decimal' | 'numeric' | 'url';
  placeholder?: string;
  maxLength?: number;
  /** The text, when the caller keeps it. */
  value?: string;
  /** What it starts with, when the form keeps it. */
  defaultValue?: string;
  /** Addresses and ids. */
  mono?: boolean;
  onInput?: (text: string) => void;
  onBlur?: () => void;
}

/** A text field, 40 high. */
export function Field({ mono = false, ...props }: TextProps) {
  return (
    <FieldFrame {...props}>
      <span class={isInvalid(props) ? `${css.box} ${css.invalid}` : css.box}>
        <TextInput {...props} className={mono ? 'mono' : ''} />
      </span>
    </FieldFrame>
  );
}

function TextInput({
  className,
  onInput,
  onBlur,
  type = 'text',
  ...props
}: TextProps & { className?: string }) {
  const shared = {
    ...described(props),
    class: className,
    name: props.name,
    inputMode: props.inputMode,
    autocomplete: props.autocomplete ?? 'off',
    placeholder: props.placeholder,
    maxLength: props.maxLength,
    spellcheck: false,
    ...(props.value === undefined ? { defaultValue: props.defaultValue } : { value: props.value }),
    onInput: (event: { currentTarget: HTMLInputElement }) => onInput?.(event.currentTarget.value),
    onBlur: () => onBlur?.(),
  };
  return type === 'password' ? <input {...shared} type="password" /> : <input {...shared} type="text" />;
}

/** An amount of credits, 56 high, with its currency in front (`prefix`) or behind (`suffix`). */
export function AmountField({
  prefix,
  suffix,
  ...props
}: Omit<TextProps, 'type' | 'inputMode' | 'mono'> & { prefix?: string; suffix?: string }) {
  const look = [css.box, css.amount, isInvalid(props) ? css.invalid : ''];
  return (
    <FieldFrame {...props}>
      <span class={look.filter(Boolean).join(' ')}>
        {prefix !== undefined && <span aria-hidden="true">{prefix}</span>}
        <TextInput {...props} inputMode="decimal" />
        {suffix !== undefined && <span aria-hidden="true">{suffix}</span>}
      </span>
    </FieldFrame>
  );
}

interface SearchProps {
  /** The accessible name and the placeholder. */
  label: string;
  value: string;
  onInput: (text: string) => void;
  /** A key cap at its end, for the key that leads here. */
  shortcut?: string;
  inputRef?: RefObject<HTMLInputElement | null>;
}

/** A search field, 32 high. `Escape` empties it. */
export function SearchField({ label, value, onInput, shortcut, inputRef }: SearchProps) {
  return (
    <label class={`${css.box} ${css.search}`}>
      <Icon of={magnifier} size={14} />
      <input
        type="search"
        ref={inputRef ?? null}
        value={value}
        aria-label={label}
        placeholder={label}
        autocomplete="off"
        spellcheck={false}
        aria-keyshortcuts={shortcut}
        onInput={(event) => onInput(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || value === '') return;
          event.stopPropagation();
          onInput('');
        }}
      />
      {shortcut !== undefined && value === '' && (
        <span class={css.key} aria-hidden="true">
          {shortcut}
        </span>
      )}
    </label>
  );
}
