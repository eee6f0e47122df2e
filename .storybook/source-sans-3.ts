import '@fontsource/source-sans-3/latin-400.css';
import '@fontsource/source-sans-3/latin-500.css';
import '@fontsource/source-sans-3/latin-600.css';

await Promise.all([400, 500, 600].map((weight) => document.fonts.load(`${weight} 16px "Source Sans 3"`)));
