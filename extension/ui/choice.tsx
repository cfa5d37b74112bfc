// Choices: rows of radio buttons (a method to pay with), a switch, and segments (day, week, month).
import type { ComponentChildren } from 'preact';
import css from './choice.module.css';

interface Row<Value extends string> {
  value: Value;
  label: string;
  /** A second line: "3% payment provider fee". */
  note?: string;
  /** At the right: what it costs. */
  figure?: ComponentChildren;
}

interface RadioProps<Value extends string> {
  name: string;
  legend: string;
  rows: readonly Row<Value>[];
  value: Value;
  onSelect: (value: Value) => void;
}

/** Rows of 56 of which one is chosen. */
export function RadioRows<Value extends string>({ name, legend, rows, value, onSelect }: RadioProps<Value>) {
  return (
    <fieldset class={css.rows}>
      <legend class={css.legend}>{legend}</legend>
      {rows.map((row) => (
        <label key={row.value} class={css.row}>
          <input
            type="radio"
            name={name}
            value={row.value}
            checked={row.value === value}
            onChange={() => onSelect(row.value)}
          />
          <span>
            <b>{row.label}</b>
            {row.note !== undefined && <small>{row.note}</small>}
          </span>
          {row.figure !== undefined && <div class="num nw">{row.figure}</div>}
        </label>
      ))}
    </fieldset>
  );
}

interface SwitchProps {
  name: string;
  label: string;
  note?: ComponentChildren;
  checked: boolean;
  onChange: (checked: boolean) => void;
}

export function Switch({ name, label, note, checked, onChange }: SwitchProps) {
  return (
    <label class={css.switch}>
      <span>
        {label}
        {note !== undefined && <small>{note}</small>}
      </span>
      <input
        type="checkbox"
        role="switch"
        name={name}
        checked={checked}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
    </label>
  );
}

interface SegmentsProps<Value extends string> {
  /** The accessible name of the group. */
  label: string;
  options: readonly { value: Value; label: string }[];
  value: Value;
  onSelect: (value: Value) => void;
}

export function Segments<Value extends string>({ label, options, value, onSelect }: SegmentsProps<Value>) {
  return (
    <div class={css.segments} role="group" aria-label={label}>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === value}
          onClick={() => onSelect(option.value)}
        >
          {option.label}
        </button>
      ))}
    </div>
  );
}
