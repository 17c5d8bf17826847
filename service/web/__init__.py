"""The doors: API and desk. Thin; what happens behind them are use cases."""
