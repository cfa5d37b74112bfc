// A choice of one among a few: the browser's own list in our frame, so that keyboard and screen reader know it.
import type { ComponentChildren } from 'preact';
import { described, FieldFrame } from './field.tsx';
import { Icon } from './icon.tsx';
import { chevronDown } from './icons.ts';
import css from './select.module.css';

export interface Option<Value extends string> {
  value: Value;
  label: string;
}

interface ListProps<Value extends string> {
  options: readonly Option<Value>[];
  value: Value;
  onSelect: (value: Value) => void;
}

function List<Value extends string>({
  options,
  value,
  onSelect,
  look,
  ...rest
}: ListProps<Value> & { look: string; name: string; 'aria-label'?: string }) {
  return (
    <span class={css.wrap}>
      <select
        {...rest}
        class={look}
        value={value}
        onChange={(event) => {
          const chosen = options.find((option) => option.value === event.currentTarget.value);
          if (chosen) onSelect(chosen.value);
        }}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value} selected={option.value === value}>
            {option.label}
          </option>
        ))}
      </select>
      <Icon of={chevronDown} size={14} />
    </span>
  );
}

interface SelectProps<Value extends string> extends ListProps<Value> {
  name: string;
  label: string;
  hint?: ComponentChildren;
}

/** A select in a form: label above, 40 high. */
export function Select<Value extends string>({ name, label, hint, ...list }: SelectProps<Value>) {
  const frame = { name, label, ...(hint === undefined ? {} : { hint }) };
  return (
    <FieldFrame {...frame}>
      <List {...list} {...described(frame)} name={name} look={css.select ?? ''} />
    </FieldFrame>
  );
}

/** A filter in a toolbar, 32 high: its label is the first choice, which filters nothing; in accent while it does. */
export function Filter<Value extends string>({
  name,
  label,
  idle,
  options,
  ...list
}: Omit<SelectProps<Value>, 'hint'> & { idle: Value }) {
  const look = `${css.select} ${css.filter} ${list.value === idle ? '' : css.on}`;
  const all = [{ value: idle, label }, ...options];
  return <List {...list} options={all} name={name} aria-label={label} look={look} />;
}
