"""What other people's readers make of our exports: prints one JSON object. Called by scripts/interop-export.mjs."""
import json
import sys
import warnings

warnings.simplefilter("ignore")  # NeuroKit2 warns that five minutes are too short for the ULF band

import fitdecode
import neurokit2 as nk
import numpy as np
import pandas as pd
from hrvanalysis import get_frequency_domain_features, get_poincare_plot_features, get_time_domain_features


def intervals(path):
    """Kubios-style text: one interval in ms on a line and nothing else."""
    return np.loadtxt(path, ndmin=1)


def as_neurokit(rr):
    return {"RRI": rr, "RRI_Time": np.cumsum(rr) / 1000}


def neurokit(rr):
    time = nk.hrv_time(as_neurokit(rr)).iloc[0]
    poincare = nk.hrv_nonlinear(as_neurokit(rr)).iloc[0]
    return {
        "rmssd": time["HRV_RMSSD"],
        "sdnn": time["HRV_SDNN"],
        "pnn50": time["HRV_pNN50"],
        "sd1": poincare["HRV_SD1"],
        "sd2": poincare["HRV_SD2"],
    }


def hrv_analysis(rr):
    time = get_time_domain_features(list(rr))
    poincare = get_poincare_plot_features(list(rr))
    return {
        "rmssd": time["rmssd"],
        "sdnn": time["sdnn"],
        "pnn50": time["pnni_50"],
        "sd1": poincare["sd1"],
        "sd2": poincare["sd2"],
    }


def bands(rr):
    """As NeuroKit2 does it unasked; its Welch over straight lines between beats, as we draw them; and hrv-analysis."""
    usual = nk.hrv_frequency(as_neurokit(rr), normalize=False).iloc[0]
    at = np.cumsum(rr) / 1000
    grid = np.arange(at[0], at[-1], 1 / 4)
    tachogram = nk.signal_interpolate(at, rr, x_new=grid, method="linear")
    linear = nk.signal_power(
        tachogram,
        frequency_band=[(0.0033, 0.04), (0.04, 0.15), (0.15, 0.4)],
        sampling_rate=4,
        method="welch",
        normalize=False,
    ).iloc[0]
    other = get_frequency_domain_features(list(rr), interpolation_method="linear")
    return {
        "usual": {"vlf": usual["HRV_VLF"], "lf": usual["HRV_LF"], "hf": usual["HRV_HF"]},
        "linear": {"vlf": linear.iloc[0], "lf": linear.iloc[1], "hf": linear.iloc[2]},
        "hrvAnalysis": {"vlf": other["vlf"], "lf": other["lf"], "hf": other["hf"]},
    }


def fit_intervals_ms(path):
    """hrv messages in order, by a decoder that is not Garmin's. 0xFFFF is none."""
    found = []
    with fitdecode.FitReader(path, error_handling=fitdecode.ErrorHandling.RAISE) as reader:
        for frame in reader:
            if frame.frame_type == fitdecode.FIT_FRAME_DATA and frame.name == "hrv":
                times = frame.get_value("time")
                times = times if isinstance(times, (tuple, list)) else (times,)
                found.extend(time * 1000 for time in times if time is not None)
    return found


def main(rr_path, planted_path, fit_path, hrv_logger_path):
    rr = intervals(rr_path)
    planted = intervals(planted_path)
    print(
        json.dumps(
            {
                "versions": {"neurokit2": nk.__version__, "numpy": np.__version__},
                "rr": rr.tolist(),
                "neurokit": neurokit(rr),
                "hrvAnalysis": hrv_analysis(rr),
                "bands": bands(rr),
                "plantedBands": bands(planted),
                "fitMs": fit_intervals_ms(fit_path),
                "hrvLoggerMs": pd.read_csv(hrv_logger_path)["rr"].tolist(),
            },
            default=float,
        )
    )


main(*sys.argv[1:])
