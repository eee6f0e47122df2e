// What the READMEs' samples take from the vendor's own program.
import type {Resource, Subject} from '@bsp/contract';
import type {BspProvider, StringSource} from '@bsp/core';
import type {Column, ConfigShape} from '@bsp/ui';
import type {CSSResult} from 'lit';

declare global {
  const provider: BspProvider;
  const iframe: HTMLIFrameElement;
  const form: {readonly isDirty: boolean; reset(): void};
  const rowOfMySystem: unknown;
  function myCasesOf(subject: Subject, signal: AbortSignal): Promise<unknown[]>;
  function saveQuietly(): Promise<void>;
  function lock(program: string | undefined): void;
  function notice(state: string, programs: readonly unknown[]): void;
  function say(state: string): void;

  interface Thing {
    readonly id: string;
  }
  type ThingsTexts = {title: string; items: string};
  interface ThingsConfig {
    pageSize: number;
  }
  interface ThingsLocal {
    text: string;
  }
  const thingsResource: Resource<Thing>;
  const thingsStrings: StringSource<ThingsTexts>;
  const thingsConfig: ConfigShape<ThingsConfig>;
  const thingsStyles: CSSResult;
  const columns: readonly Column<Thing>[];
  function rowKey(thing: Thing): string;
}
