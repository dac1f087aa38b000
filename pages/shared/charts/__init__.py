"""Charts as pure functions: a tidy frame and words in, an Altair chart out. No Streamlit in here."""

from pages.shared.charts.dots import dots
from pages.shared.charts.heat import heat
from pages.shared.charts.stages import stages
from pages.shared.charts.stakes import stakes
from pages.shared.charts.trend import trend

__all__ = ["dots", "heat", "stages", "stakes", "trend"]
