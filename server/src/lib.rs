//! The portal server: proxies provider calls, persists dossiers, serves the single-page application; also `server verify`.
