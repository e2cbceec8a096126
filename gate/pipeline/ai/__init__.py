"""The review by a model beside the scanners: what is sent, what was answered, what holds of it."""
