"""What to run: experiments, models and trainings, in a link, a file and the API; and how large all that is."""
