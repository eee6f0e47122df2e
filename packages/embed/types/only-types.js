// `@bsp/embed/react`, `/vue` and `/svelte` are types; importing one for its types' sake does nothing.
export {};
